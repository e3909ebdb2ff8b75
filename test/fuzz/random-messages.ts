import { writeBytes } from '#lib/thrift/messages.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { compileService } from '#lib/thrift/service-codec.js';
import { methods, service } from './contract.js';
import type { Random } from './random.js';
import { randomArgs } from './random-values.js';

/** Message types, the two that are calls being the most frequent by far. */
const TYPES = [4, 4, 4, 4, 4, 4, 4, 1, 1, 2, 3, 0, 7];
const OTHER_NAMES = ['', '__proto__', 'constructor', 'nope', 'Vectors', 'onI32 '];

/** One to three messages back to back; now and then with a name or type that is no call of the service, or the arguments of another. */
export function randomMessages(random: Random, protocol: ProtocolName): Buffer {
  const count = random.oneIn(6) ? 1 + random.below(3) : 1;
  return Buffer.concat(Array.from({ length: count }, () => randomMessage(random, protocol)));
}

function randomMessage(random: Random, protocol: ProtocolName): Buffer {
  const method = random.pick(methods);
  // Arguments of another function are whole fields of unexpected types, which no flipped byte makes.
  const named = random.oneIn(12) ? random.pick(methods) : method;
  const name = random.oneIn(40) ? random.pick(OTHER_NAMES) : named.name;
  const type = random.oneIn(10) ? random.pick(TYPES) : 4;
  const seqid = random.oneIn(4) ? random.bits() | 0 : 0;
  const codec = compileService(service, protocol).methods.get(method.name)!;
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin(name, type, seqid);
    codec.write(writer, randomArgs(random, method.args.fields));
    writer.writeMessageEnd();
  });
}
