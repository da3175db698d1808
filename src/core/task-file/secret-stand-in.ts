/** What stands for the value of a secret in a plan that is shown. */

const PREFIX = 'secret:';

/** The stand-in for a secret: plain text that means the same in YAML and in a command. */
export function standInFor(id: string): string {
  return PREFIX + id.replace(/[^A-Za-z0-9_.-]/g, '_');
}

/** Whether a text has a stand-in in it, so that nothing can be said about the value that it will have. */
export function hasStandIn(text: string): boolean {
  return text.includes(PREFIX);
}
