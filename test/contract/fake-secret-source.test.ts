import { fakeSecretSource } from '../support/fakes/secret-source.ts';
import { secretSourceContract } from './secret-source.ts';

const values = { 'env:A': 'value one', 'env:B': 'value two' };

secretSourceContract('fake', async () => ({
  source: fakeSecretSource(values),
  values,
  missing: 'env:C',
  close: async () => undefined,
}));
