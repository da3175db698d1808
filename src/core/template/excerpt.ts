/** A text for a message: cut after 60 characters, since nothing limits what a template can make. */
export function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
