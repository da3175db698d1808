// Runs before anything is installed, so it is plain JavaScript and imports Node's own modules only.
// Does the one thing a fresh clone needs: `npm ci`, when and only when node_modules is not what package-lock.json says.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const OLDEST_NODE = [20, 19];

/** The sentence to print when this Node is too old, or undefined when it will do. `version` is like "20.19.1". */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return undefined;
  return (
    `This is Node ${version}, and Slipway needs ${OLDEST_NODE.join('.')} or later. ` +
    'Install a current Node (https://nodejs.org, or "nvm install 22") and run the command again.'
  );
}

/**
 * Why node_modules differs from the lock file, or undefined when it does not. Both arguments are the parsed JSON of
 * package-lock.json and of npm's own record of what it installed, node_modules/.package-lock.json (undefined: none).
 */
export function installReason(lock, installed) {
  if (!installed) return 'node_modules is missing';
  for (const [path, wanted] of Object.entries(lock.packages)) {
    const found = installed.packages?.[path];
    // "" is the project itself; optional packages of other platforms and dev packages left out on purpose may be absent.
    if (path === '' || (!found && (wanted.optional || wanted.devOptional || wanted.link))) continue;
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) {
      return `node_modules differs from package-lock.json (${path.slice(path.lastIndexOf('node_modules/') + 13)})`;
    }
  }
  return undefined;
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function main() {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem) {
    console.error(problem);
    return 1;
  }
  const lock = readJson(join(root, 'package-lock.json'));
  const reason = installReason(lock, readJson(join(root, 'node_modules', '.package-lock.json')));
  if (!reason) return 0;
  console.error(`Installing the npm packages (npm ci), because ${reason}.`);
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32', // npm is npm.cmd there
  });
  if (npm.status === 0) return 0;
  const why = npm.error ? npm.error.message : `it exited with ${npm.status ?? npm.signal}`;
  console.error(`npm ci did not succeed: ${why}. Run "npm ci" in ${root} to see the whole output, then try again.`);
  return 1;
}

// Imported by the tests for its two decisions; only when run as a program does it act.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
