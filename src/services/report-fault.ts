/** Tells an operator about a fault that was survived. `what` is a sentence that says what was survived and how. */
export type ReportFault = (what: string, error: unknown) => void;
