import { INBOX_FEATURES } from '#lib/carriers/inbox/inbox-options.js';
import { openSocketReceiver } from '#lib/carriers/socket/socket-receiver.js';
import { openSocketSender } from '#lib/carriers/socket/socket-sender.js';
import type { CarrierEnds } from '#lib/testing.js';
import { runContract } from './run-contract.js';

/** Opens both ends of a socket on this machine. */
async function openEnds(): Promise<CarrierEnds> {
  const receiver = await openSocketReceiver({ host: '127.0.0.1', port: 0, stopGraceMs: 0 });
  const sender = await openSocketSender({ host: '127.0.0.1', port: receiver.address.port });
  return { sender, receiver };
}

runContract('a socket', { features: INBOX_FEATURES, stores: false }, () => ({ open: openEnds }));
