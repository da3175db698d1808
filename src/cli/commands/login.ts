import type { Command } from 'commander';
import { createClient } from '../../client/client.ts';
import { plainError } from '../../core/diagnostic.ts';
import { failure, type Result, success } from '../../core/result.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { credentialsPath, writeCredentials } from '../login/credentials.ts';
import { askToken, readTokenFromStdin } from '../login/read-token.ts';
import { normaliseServer } from '../server-access.ts';

interface LoginOptions {
  readonly server?: string;
  readonly token?: string;
  readonly tokenStdin?: true;
}

/** Adds `slipway login`. */
export function addLoginCommand(program: Command, cli: Cli): void {
  program
    .command('login')
    .description('try a server and its token, and store them for this user')
    .option('--server <url>', 'the server (default: SLIPWAY_SERVER)')
    .option(
      '--token <token>',
      'its token (default: SLIPWAY_TOKEN, else it is asked for); others can see it in the list of processes',
    )
    .option('--token-stdin', 'read the token from standard input')
    .addHelpText('after', '\nExample:\n  slipway login --server https://slipway.example.com --token-stdin < token')
    .action(async (options: LoginOptions) => cli.finish(await login(options, cli)));
}

async function login(options: LoginOptions, cli: Cli): Promise<ExitCode> {
  const { screen, terminal } = cli;
  const server = findServer(options.server ?? terminal.env.SLIPWAY_SERVER);
  const token = server.ok ? await findToken(options, cli) : server;
  if (!server.ok || !token.ok) {
    await screen.report(server.ok ? (token.ok ? [] : token.diagnostics) : server.diagnostics);
    return EXIT.usage;
  }
  const info = await createClient({ server: server.value, token: token.value }).info();
  const file = credentialsPath(terminal);
  await writeCredentials(file, { server: server.value, token: token.value });
  await screen.note(`Logged in to ${server.value} (Slipway ${info.version}, registry ${info.registry}).`);
  await screen.note(`Stored in ${file}, readable by you alone; \`slipway logout\` forgets it.`);
  return EXIT.succeeded;
}

function findServer(given: string | undefined): Result<string> {
  const server = given === undefined ? undefined : normaliseServer(given.trim());
  if (server !== undefined) return success(server);
  return failure([
    plainError(
      given === undefined ? 'no-server' : 'bad-server',
      given === undefined ? 'No server is given.' : `The server "${given}" is not an http(s) URL.`,
      'Give it with --server, for example --server http://localhost:8080',
    ),
  ]);
}

async function findToken(options: LoginOptions, { screen, terminal }: Cli): Promise<Result<string>> {
  if (options.token !== undefined && options.tokenStdin === true) {
    return failure([plainError('two-tokens', 'Both --token and --token-stdin are given.', 'Give one of them.')]);
  }
  const given = options.tokenStdin === true ? await readTokenFromStdin(terminal.stdin) : options.token;
  const token = (given ?? terminal.env.SLIPWAY_TOKEN ?? (await askToken(terminal, screen)) ?? '').trim();
  if (token !== '') return success(token);
  return failure([
    plainError('no-token', 'No token is given.', 'Pipe it in with --token-stdin, or give --token or SLIPWAY_TOKEN.'),
  ]);
}
