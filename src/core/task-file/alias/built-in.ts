/** Aliases that every file from v1.1.0 on has (reference, section 3.3). */

/** Names of images that a `cmd` may begin with, and what they stand for; an installation may set others. */
export const IMAGE_ALIASES: ReadonlyMap<string, string> = new Map([
  ['acr', 'mcr.microsoft.com/acr/acr-cli:0.19'],
  ['az', 'mcr.microsoft.com/acr/azure-cli:2ff604c'],
  ['bash', 'mcr.microsoft.com/acr/bash:2ff604c'],
  ['curl', 'mcr.microsoft.com/acr/curl:2ff604c'],
  ['cssc', 'mcr.microsoft.com/acr/cssc:2ff604c'],
]);

const RUN_FIELDS = ['ID', 'SharedVolume', 'Registry', 'RegistryName', 'Date', 'OS', 'Architecture', 'Commit', 'Branch'];

/** `$ID` and its like: fields of the run, as the template that gives them. */
export const RUN_ALIASES: ReadonlyMap<string, string> = new Map(
  RUN_FIELDS.map((name): [string, string] => [name, `{{.Run.${name}}}`]),
);
