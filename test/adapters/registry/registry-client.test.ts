import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import { registryClientContract } from '../../contract/registry-client.ts';
import { realParts } from '../../support/real-parts.ts';

registryClientContract('registry client over HTTP', async () => ({
  client: createRegistryClient(),
  registry: realParts().registry,
  unreachable: '127.0.0.1:1',
}));
