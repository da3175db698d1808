import type { ExitCode } from './exit-code.ts';
import type { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';

/** What every command gets: the world, the screen on it, and where to leave its exit code. */
export interface Cli {
  readonly terminal: Terminal;
  readonly screen: Screen;
  readonly version: string;
  /** Called once by a command that was carried out, with what the process is to exit with. */
  finish(code: ExitCode): void;
}
