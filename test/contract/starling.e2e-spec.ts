import { openStarlingQueue, openStarlingSender } from '#lib/carriers/starling/open-starling-queue.js';
import { bothEnds, type CarrierEnds, startEmbeddedStarling } from '#lib/testing.js';
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

interface Carrier extends StartedCarrier {
  /** Says where the queue of some ends is. */
  address(ends: CarrierEnds): { readonly queue: string; readonly port: number };
}

async function carrier(server: 'starling' | 'siberite' | 'kestrel'): Promise<Carrier> {
  const started = await startEmbeddedStarling({ server });
  const { port } = started;
  let count = 0;
  return {
    open: async () => bothEnds(await openStarlingQueue({ queue: `queue-${++count}`, port })),
    reopen: async ({ receiver }) => bothEnds(await openStarlingQueue({ queue: receiver.name, port })),
    address: ({ receiver }) => ({ queue: receiver.name, port }),
    stop: () => started.stop(),
  };
}

runContract('a queue of Starling', promises, () => carrier('starling'));
runContract('a queue of Siberite', promises, () => carrier('siberite'));
runContract('a queue of Kestrel', promises, () => carrier('kestrel'));

runContract('a sender to a queue of Siberite, and a receiver of its own', promises, async () => {
  const both = await carrier('siberite');
  const split = async (ends: CarrierEnds): Promise<CarrierEnds> => {
    const { queue, port } = both.address(ends);
    return { sender: await openStarlingSender({ queue, port }), receiver: ends.receiver };
  };
  return {
    open: async (options) => split(await both.open(options)),
    reopen: async (ends) => split(await both.reopen!(ends)),
    stop: () => both.stop!(),
  };
});
