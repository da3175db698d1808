/** A mask of a run that has no secrets. */
export const showAll = (text: string): string => text;
