import { type Static, Type } from 'typebox';

/** An image of a dependency report, as it was named. The digest is empty as long as nobody knows it. */
export const DependencyImage = Type.Object({
  registry: Type.String({ description: 'Host; registry.hub.docker.com where the name has none' }),
  repository: Type.String(),
  tag: Type.Optional(Type.String()),
  digest: Type.String({ description: 'sha256:…, or empty when it is not known' }),
  reference: Type.String({ description: 'The whole name as it was written' }),
});
export type DependencyImage = Static<typeof DependencyImage>;

/** What one built image depends on, in the words of the reference (section 7.2). */
export const ImageDependencies = Type.Object({
  image: Type.Union([DependencyImage, Type.Null()], { description: 'null: the build names no image' }),
  'runtime-dependency': DependencyImage,
  'buildtime-dependency': Type.Union([Type.Array(DependencyImage), Type.Null()], { description: 'null: none' }),
  git: Type.Object({ 'git-head-revision': Type.String({ description: 'Commit of the source, empty if none' }) }),
});
export type ImageDependencies = Static<typeof ImageDependencies>;

/** What a build came to. Instructions are those of the Dockerfile that the build needed, without its FROMs. */
export const BuildReport = Type.Object({
  instructions: Type.Integer({ minimum: 0 }),
  cached: Type.Integer({ minimum: 0, description: 'How many of them were not carried out, because layers were there' }),
  savedSeconds: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'How long those took when they last ran, added up, as far as that is known; also of stages that ran side by side. Absent: known of none',
    }),
  ),
  seconds: Type.Number({ minimum: 0, description: 'How long the engine took for the whole build' }),
  dependencies: Type.Array(ImageDependencies, { description: 'One per name of the image; empty: not known' }),
});
export type BuildReport = Static<typeof BuildReport>;
