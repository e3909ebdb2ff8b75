import { openStarlingQueue } from '#lib/carriers/starling/open-starling-queue.js';
import { bothEnds, startEmbeddedStarling } from '#lib/testing.js';
import { runContract, type StartedCarrier } from './run-contract.js';

const promises = {
  features: {
    persistent: true,
    leases: false,
    ordered: false,
    attributes: false,
    delay: false,
    longPolling: true,
    abortableReceive: true,
    resend: true,
    body: 'bytes',
  },
  reopens: true,
  deviations: {
    'a message arrives with the id that its send returned': 'the protocol has no ids, so each delivery gets a new one',
  },
} as const;

async function carrier(server: 'starling' | 'siberite' | 'kestrel'): Promise<StartedCarrier> {
  const { port, stop } = await startEmbeddedStarling({ server }).then((started) => ({
    port: started.port,
    stop: () => started.stop(),
  }));
  let count = 0;
  return {
    open: async () => bothEnds(await openStarlingQueue({ queue: `queue-${++count}`, port })),
    reopen: async ({ receiver }) => bothEnds(await openStarlingQueue({ queue: receiver.name, port })),
    stop,
  };
}

runContract('a queue of Starling', promises, () => carrier('starling'));
runContract('a queue of Siberite', promises, () => carrier('siberite'));
runContract('a queue of Kestrel', promises, () => carrier('kestrel'));
