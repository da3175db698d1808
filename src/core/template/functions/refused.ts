/** Why a function of sprig is left out, and what to do instead. */
export interface Refusal {
  readonly reason: string;
  readonly cure: string;
}

const ENVIRONMENT: Refusal = {
  reason: 'it would show the environment of the server, where secrets are kept.',
  cure: 'Pass what you need as a value, and write {{ .Values.name }}.',
};

const NETWORK: Refusal = {
  reason: 'rendering must not use the network.',
  cure: 'Look the name up in a step, or pass the address as a value.',
};

const RANDOM: Refusal = {
  reason: 'it gives something else each time, so a run could not be repeated.',
  cure: 'Use {{ .Run.ID }}, which is unique per run, or make the value in a step.',
};

const KEYS: Refusal = {
  reason: 'keys and certificates made here would stand in the plan and its logs in plain text.',
  cure: 'Make them in a step, or keep them in a secret store and write {{ .Secrets.name }}.',
};

/** The functions of sprig that a task file may not use. */
export const REFUSED: ReadonlyMap<string, Refusal> = new Map([
  ['env', ENVIRONMENT],
  ['expandenv', ENVIRONMENT],
  ['getHostByName', NETWORK],
  ['randAlphaNum', RANDOM],
  ['randAlpha', RANDOM],
  ['randAscii', RANDOM],
  ['randNumeric', RANDOM],
  ['shuffle', RANDOM],
  ['uuidv4', RANDOM],
  ['genPrivateKey', KEYS],
  ['genCA', KEYS],
  ['genSelfSignedCert', KEYS],
  ['genSignedCert', KEYS],
  ['buildCustomCert', KEYS],
  ['derivePassword', KEYS],
  ['encryptAES', KEYS],
  ['decryptAES', KEYS],
]);
