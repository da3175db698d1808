import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';

/** A step that goes on until `endStep` ends it, for tests that must not depend on how fast the machine is. */
export const WAITING_STEP = 'cmd: busybox sh -c "until [ -e /end ]; do sleep 0.2; done"';

/** Lets the waiting step of an attempt succeed: waits until its container runs, then makes the file it looks for. */
export async function endStep(dockerHost: string, runId: string, attempt: number): Promise<void> {
  const docker = new Docker(dockerOptions(dockerHost));
  const label = [`slipway.run=${runId}`, `slipway.attempt=${attempt}`, 'slipway.step'];
  for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
    const [found] = await docker.listContainers({ filters: { label, status: ['running'] } });
    if (found !== undefined) {
      const exec = await docker.getContainer(found.Id).exec({ Cmd: ['touch', '/end'] });
      const answer = await exec.start({ Detach: true });
      // An answer that is not read keeps its connection, and with it this process.
      answer.destroy();
      return;
    }
    if (Date.now() > deadline) throw new Error(`attempt ${attempt} of ${runId} has no running step`);
  }
}

function dockerOptions(dockerHost: string): Docker.DockerOptions {
  const url = new URL(dockerHost);
  return url.protocol === 'unix:'
    ? { socketPath: url.pathname }
    : { host: url.hostname, port: url.port, protocol: 'http' };
}
