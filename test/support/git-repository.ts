/** Repositories for tests, made with the git of this machine and none of its configuration. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { cleanUp } from './clean-up.ts';

/** Runs git in a folder and answers what it prints. */
export function git(folder: string, ...args: readonly string[]): string {
  const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
  const none = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_LFS_SKIP_SMUDGE: '1' };
  const env = { PATH: process.env.PATH, ...who, ...none };
  return execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** A folder that is removed after the test; its path has no links. */
export function temporaryFolder(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'git-test-')));
  cleanUp(t, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a repository in `folder` with the branch `main` and one commit of these files; answers the commit. */
export function makeRepository(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  return commitFiles(folder, files);
}

/** Adds a commit with these files; answers it. */
export function commitFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'a commit');
  return git(folder, 'rev-parse', 'HEAD');
}

/** Adds a submodule at a commit without fetching it; committed with the next `commitFiles`, which must not touch it. */
export function addSubmodule(folder: string, at: string, url: string, commit: string): void {
  git(folder, 'config', '--file', '.gitmodules', `submodule.${at}.path`, at);
  git(folder, 'config', '--file', '.gitmodules', `submodule.${at}.url`, url);
  git(folder, 'add', '.gitmodules');
  git(folder, 'update-index', '--add', '--cacheinfo', `160000,${commit},${at}`);
  git(folder, 'commit', '--quiet', '-m', 'a submodule');
}
