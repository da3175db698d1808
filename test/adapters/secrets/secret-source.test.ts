import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { createSecretSource } from '../../../src/adapters/secrets/secret-source.ts';
import { parseKeyVaults } from '../../../src/core/secret/key-vaults.ts';
import type { AzureIdentity, HashicorpLogin, SecretProviders } from '../../../src/core/secret/secret-providers.ts';
import { secretSourceContract } from '../../contract/secret-source.ts';
import { type SecretStores, startSecretStores } from '../../support/secret-stores.ts';

const never = new AbortController().signal;
const folder = await mkdtemp(path.join(tmpdir(), 'slipway-secrets-'));
const file = path.join(folder, 'secrets.yaml');
let stores: SecretStores;

before(async () => {
  stores = await startSecretStores();
  await writeFile(file, 'db: from file\n"pw": from file too\nnumber: 7\n');
  // As Kubernetes mounts them: links to a folder that it exchanges.
  await mkdir(path.join(folder, '..2026'));
  await writeFile(path.join(folder, '..2026', 'pw'), 'from folder\n');
  await symlink('..2026', path.join(folder, '..data'));
  await symlink('..data/pw', path.join(folder, 'pw'));
  await writeFile(path.join(folder, 'lines'), 'one\ntwo\n\n');
  await writeFile(path.join(folder, 'vault-token'), 'root token\n');
});
beforeEach(() => {
  stores.calls.length = 0;
});
after(async () => {
  await stores.close();
  await rm(folder, { recursive: true });
});

const CLIENT = { kind: 'client', tenantId: 'tenant-1', clientId: 'client-1', clientSecret: 'client secret' } as const;
const ROLE = { kind: 'app-role', roleId: 'role-1', secretId: 'role secret' } as const;

interface Setting {
  readonly vaults?: string;
  readonly login?: HashicorpLogin;
  readonly azure?: AzureIdentity;
  readonly now?: () => number;
  readonly providers?: Partial<SecretProviders>;
}

function source({ vaults = '', login = { kind: 'token', token: 'root token' }, azure, now, providers }: Setting = {}) {
  const { keyVaults, problems } = parseKeyVaults(vaults);
  assert.deepEqual(problems, []);
  const all: SecretProviders = {
    environment: new Map([
      ['TOKEN', 'from env'],
      ['MY_PW', 'from env too'],
    ]),
    file,
    folder,
    hashicorpVault: { address: stores.url, namespace: 'ns-1', login },
    azure: azure ?? { ...CLIENT, authority: stores.url },
    keyVaults,
    ...providers,
  };
  return createSecretSource(all, now ?? (() => 0));
}

secretSourceContract('all stores', async () => ({
  source: source({ vaults: `v.vault.azure.net=azure:${stores.url}` }),
  values: {
    'env:TOKEN': 'from env',
    'file:db': 'from file',
    'folder:pw': 'from folder',
    'folder:lines': 'one\ntwo\n',
    'vault:old/team/db': 'kv one',
    'vault:team/kv/app/db#password': 'kv two',
    'vault:team/kv/app/db#port': '5432',
    'https://v.vault.azure.net/secrets/pw': 'azure newest',
    'https://V.vault.azure.net/secrets/PW/0A1B/': 'azure older',
  },
  missing: 'https://v.vault.azure.net/secrets/nope',
  close: async () => undefined,
}));

const elsewhere = [
  { vaults: '*=env', secret: 'my-pw', expected: 'from env too' },
  { vaults: '*=file', secret: 'pw', expected: 'from file too' },
  { vaults: 'v.vault.azure.net=folder,*=env', secret: 'pw', expected: 'from folder' },
  { vaults: '*=vault:team/kv/app', secret: 'token', expected: 'kv token' },
  { vaults: '*=vault:team/kv/app/db#', secret: 'password', expected: 'kv two' },
] as const;

for (const { vaults, secret, expected } of elsewhere) {
  test(`a vault's URL is answered from another store: ${vaults}`, async () => {
    const read = await source({ vaults }).read({ address: `https://v.vault.azure.net/secrets/${secret}/0a1b` }, never);
    assert.deepEqual(read, { kind: 'value', value: expected });
  });
}

const missing: readonly { address: string; setting?: Setting; says: RegExp }[] = [
  { address: 'env:PATH', says: /environment .* no SLIPWAY_SECRET_PATH.*SLIPWAY_SECRETS_ENV/ },
  { address: 'file:nope', says: /no entry "nope".*Add "nope: VALUE"/ },
  { address: 'file:number', says: /"number" .* is not a text.*quotes/ },
  { address: 'file:x', setting: { providers: { file: undefined } }, says: /no file of secrets.*SLIPWAY_SECRETS_FILE/ },
  { address: 'file:x', setting: { providers: { file: '/no/such' } }, says: /cannot be read \(ENOENT\)/ },
  { address: 'folder:nope', says: /no file "nope".*one file per secret/ },
  { address: 'folder:..2026', says: /no address of a secret/ },
  { address: 'folder:x', setting: { providers: { folder: undefined } }, says: /SLIPWAY_SECRETS_FOLDER/ },
  { address: 'vault:x/y', setting: { providers: { hashicorpVault: undefined } }, says: /SLIPWAY_VAULT_ADDRESS/ },
  { address: 'vault:team/kv/app/nope#x', says: /no secret "team\/kv\/app\/nope"/ },
  { address: 'vault:team/kv/app/db#nope', says: /no field "nope".*It has: password, port, nested/ },
  { address: 'vault:team/kv/app/db#nested', says: /"nested" .* is not a text/ },
  { address: 'vault:other/x', says: /does not let the worker read "other\/x" \(403\).*policy/ },
  {
    address: 'vault:old/team/db',
    setting: { login: { kind: 'token', token: 'wrong token' } },
    says: /does not let the worker read/,
  },
  {
    address: 'vault:old/team/db',
    setting: { login: { ...ROLE, secretId: 'wrong secret' } },
    says: /refuses the AppRole .*400.*SLIPWAY_VAULT_ROLE_ID/,
  },
  {
    address: 'vault:old/team/db',
    setting: { login: { kind: 'token-file', path: '/no/such' } },
    says: /SLIPWAY_VAULT_TOKEN_FILE cannot be read \(ENOENT\)/,
  },
  { address: 'https://v.vault.azure.net.evil.test/secrets/pw', says: /does not know the vault.*SLIPWAY_KEY_VAULTS=/ },
  {
    address: 'https://v.vault.azure.net/secrets/nope',
    setting: { vaults: 'v.vault.azure.net=azure:URL' },
    says: /v\.vault\.azure\.net|127\.0\.0\.1.* no such secret \(404, SecretNotFound\)/,
  },
  {
    address: 'https://v.vault.azure.net/secrets/pw',
    setting: { azure: { ...CLIENT, authority: 'URL', clientSecret: 'wrong secret' } },
    says: /refuses the client of the worker \(401, invalid_client\).*SLIPWAY_AZURE_CLIENT_SECRET/,
  },
  {
    address: 'https://v.other.test/secrets/pw',
    setting: { vaults: '*=azure:URL' },
    says: /does not let the worker read it \(403, Forbidden\)/,
  },
  { address: 'http://v/secrets/x', says: /no address of a secret.*https:/ },
];

for (const { address, setting = {}, says } of missing) {
  test(`the store and the cure are named: ${says.source}`, async () => {
    const at = (text: string) => text.replace('URL', stores.url);
    const azure =
      setting.azure?.kind === 'client' ? { ...setting.azure, authority: at(setting.azure.authority) } : undefined;
    const given = {
      ...setting,
      ...(azure ? { azure } : {}),
      ...(setting.vaults ? { vaults: at(setting.vaults) } : {}),
    };
    const read = await source(given).read({ address }, never);
    assert.ok(read.kind === 'unavailable', JSON.stringify(read));
    assert.match(`${read.reason} ${read.hint}`, says);
    assert.doesNotMatch(
      JSON.stringify(read),
      /wrong|token of|root token|role secret|client secret|from (env|file|folder)|kv two/,
    );
  });
}

test('a file of secrets that is no YAML shows none of its text', async () => {
  const broken = path.join(folder, 'broken.yaml');
  await writeFile(broken, 'a: b\nhush: {hush\n');
  const read = await source({ providers: { file: broken } }).read({ address: 'file:a' }, never);
  assert.ok(read.kind === 'unavailable');
  assert.match(read.reason, /^line \d of the file of SLIPWAY_SECRETS_FILE/);
  assert.doesNotMatch(JSON.stringify(read), /hush/);
});

test('a file and a folder are read again each time', async () => {
  const changing = path.join(folder, 'changing');
  const own = source({ providers: { file: changing } });
  for (const value of ['first', 'second']) {
    await writeFile(changing, `x: ${value}`);
    assert.deepEqual(await own.read({ address: 'file:x' }, never), { kind: 'value', value });
    assert.deepEqual(await own.read({ address: 'folder:changing' }, never), { kind: 'value', value: `x: ${value}` });
  }
});

test('HashiCorp Vault gets the token of a file, and its namespace', async () => {
  const login = { kind: 'token-file', path: path.join(folder, 'vault-token') } as const;
  await source({ login }).read({ address: 'vault:old/team/db' }, never);
  assert.deepEqual(
    stores.calls.map(({ path, headers }) => [path, headers['x-vault-token'], headers['x-vault-namespace']]),
    [
      ['/v1/sys/internal/ui/mounts/old/team/db', 'root token', 'ns-1'],
      ['/v1/old/team/db', 'root token', 'ns-1'],
    ],
  );
});

test('an AppRole signs in once, again when its token ends, and again when it was revoked', async () => {
  let now = 0;
  const own = source({ login: ROLE, now: () => now });
  const logins = () => stores.calls.filter(({ path }) => path.endsWith('/login')).length;
  const read = () => own.read({ address: 'vault:team/kv/app/token' }, never);
  await read();
  await read();
  assert.equal(logins(), 1);
  now = 3600_000;
  await read();
  assert.equal(logins(), 2);
  stores.roleToken = 'role-token-2';
  assert.deepEqual(await read(), { kind: 'value', value: 'kv token' });
  assert.equal(logins(), 3);
});

test('a token of Azure is kept until shortly before it ends', async () => {
  let now = 0;
  const own = source({ vaults: `*=azure:${stores.url}`, now: () => now });
  const logins = () => stores.calls.filter(({ path }) => path.includes('/oauth2/')).length;
  const read = () => own.read({ address: 'https://v.vault.azure.net/secrets/pw' }, never);
  await read();
  await read();
  assert.equal(logins(), 1);
  now = 3_500_000;
  await read();
  assert.equal(logins(), 2);
});

test('the identity of the machine is asked for the audience of the vault, and as the client of the secret', async () => {
  const endpoint = `${stores.url}/metadata/identity/oauth2/token`;
  const own = source({ vaults: `*=azure:${stores.url}`, azure: { kind: 'managed', endpoint } });
  const address = 'https://v.vault.azure.net/secrets/pw';
  assert.deepEqual(await own.read({ address, clientId: 'c-1' }, never), { kind: 'value', value: 'azure newest' });
  const query = new URL(stores.calls[0]?.path ?? '', stores.url).searchParams;
  assert.deepEqual([query.get('resource'), query.get('client_id')], ['https://vault.azure.net', 'c-1']);
  const refused = await own.read({ address, clientId: 'nobody' }, never);
  assert.ok(refused.kind === 'unavailable');
  assert.match(`${refused.reason} ${refused.hint}`, /no token \(400, invalid_request\).*SLIPWAY_KEY_VAULTS/);
});

test('a store that is busy is asked again, at most three times', async () => {
  stores.busy = 2;
  const read = await source().read({ address: 'vault:old/team/db' }, never);
  assert.deepEqual(read, { kind: 'value', value: 'kv one' });
  stores.busy = 3;
  const refused = await source().read({ address: 'vault:old/team/db' }, never);
  assert.ok(refused.kind === 'unavailable');
  assert.match(refused.reason, /answers 503/);
});

test('an abort ends a request that is not answered', async () => {
  stores.silent.add('/old/team/db');
  const stop = new AbortController();
  const read = source().read({ address: 'vault:old/team/db' }, stop.signal);
  while (stores.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort(new Error('enough'));
  await assert.rejects(read, /enough/);
  stores.silent.clear();
});

test('a store that is not there is named', async () => {
  const hashicorpVault = { address: 'http://127.0.0.1:1', namespace: undefined, login: ROLE };
  const read = await source({ providers: { hashicorpVault } }).read({ address: 'vault:a/b' }, never);
  assert.ok(read.kind === 'unavailable');
  assert.match(`${read.reason} ${read.hint}`, /HashiCorp Vault: .*127\.0\.0\.1:1.*SLIPWAY_VAULT_ADDRESS/);
});

test('a token that no header can have is not in the reason, whatever the library says of it', async () => {
  const login = { kind: 'token', token: 'hush-ć-hush' } as const;
  const read = await source({ login }).read({ address: 'vault:a/b' }, never);
  assert.ok(read.kind === 'unavailable');
  assert.match(read.reason, /cannot be asked: what the worker signs in with is no text for a header/);
  assert.doesNotMatch(read.reason, /hush/);
});
