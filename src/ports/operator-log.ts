/** The log of the people who run Slipway, as structured lines; pino fits. Users read the log of their run instead. */
export interface OperatorLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
