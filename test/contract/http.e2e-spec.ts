import type { AddressInfo } from 'node:net';
import { HttpInbox } from '#lib/carriers/http/http-inbox.js';
import { HttpSender } from '#lib/carriers/http/http-sender.js';
import type { CarrierEnds, CarrierPromises, CarrierUnderTest } from '#lib/testing.js';
import { runContract } from './run-contract.js';

const PROMISES: CarrierPromises = {
  features: {
    persistent: false,
    leases: false,
    ordered: false,
    attributes: true,
    delay: false,
    longPolling: true,
    abortableReceive: true,
    resend: false,
    body: 'bytes',
  },
  stores: false,
};

/** Opens a server of its own for each check, on any free port, and a client of it. */
function httpCarrier(answer: 'accepted' | 'handled'): CarrierUnderTest {
  return {
    open: async (): Promise<CarrierEnds> => {
      const receiver = new HttpInbox({ port: 0, host: '127.0.0.1', path: '/thrift', answer });
      await receiver.listen();
      // Before the first receive the server takes no message.
      await receiver.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
      const { port } = receiver.address as AddressInfo;
      return { receiver, sender: new HttpSender({ url: `http://127.0.0.1:${port}/thrift` }) };
    },
  };
}

runContract('HTTP that answers when a message is accepted', PROMISES, () => httpCarrier('accepted'));
runContract('HTTP that answers when a message is handled', PROMISES, () => httpCarrier('handled'));
