/**
 * A server that imitates Starling, Siberite or Kestrel, for clients of other languages. Prints its
 * port. Ends with its standard input, so with the process that started it.
 *
 * Argument: `starling`, `siberite` or `kestrel`; default `siberite`.
 */
import { type EmbeddedStarlingOptions, startEmbeddedStarling } from 'nestjs-sqs-thrift/testing';

const kind = process.argv[2] as EmbeddedStarlingOptions['server'];
const server = await startEmbeddedStarling({ server: kind });
console.log(server.port);
process.stdin.resume().once('end', () => void server.stop());
