/**
 * As `Promise.all`, but waits for every work also after one rejected: nothing that was begun goes on unseen, and makes
 * things on the engine, when whoever closes the sandbox has looked for them.
 */
export async function allOf<const Works extends readonly unknown[]>(
  works: Works,
): Promise<{ -readonly [Key in keyof Works]: Awaited<Works[Key]> }> {
  await Promise.allSettled(works);
  return await Promise.all(works);
}
