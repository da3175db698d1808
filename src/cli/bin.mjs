#!/usr/bin/env node
// Starts the command line: from its TypeScript source in a checkout, from the compiled files otherwise. Plain
// JavaScript, because it must run before anything that could understand TypeScript is loaded.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('./main.ts', import.meta.url);
const compiled = [new URL('./main.js', import.meta.url), new URL('../../dist/src/cli/main.js', import.meta.url)];

async function startFromSource() {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
}

async function start() {
  const built = compiled.find((url) => existsSync(fileURLToPath(url)));
  if (existsSync(fileURLToPath(source))) {
    if (existsSync(new URL('../../node_modules/tsx/package.json', import.meta.url))) return await startFromSource();
    if (built === undefined) {
      process.stderr.write('error: The packages that Slipway needs are not installed.\n  hint: Run `npm ci` first.\n');
      process.exit(5);
    }
  }
  if (built !== undefined) return await import(built.href);
  process.stderr.write('error: This copy of Slipway is incomplete.\n  hint: Run `npm run build`.\n');
  process.exit(5);
}

await start();
