import type { ThriftService } from '../idl/schema.js';
import type { ProtocolName } from '../thrift/protocol.js';
import { type CodecOptions, compileService, type ServiceCodec } from '../thrift/service-codec.js';

/** Compiles and caches the codecs of one contract's services. */
export class ContractCodecs {
  private readonly byProtocol = new Map<ProtocolName, ReadonlyMap<ThriftService, ServiceCodec>>();

  constructor(
    private readonly services: readonly ThriftService[],
    private readonly options: CodecOptions,
  ) {}

  /**
   * Returns the codecs of a protocol by service. The first call for a protocol compiles its codecs.
   *
   * @throws Error when the process forbids the evaluation of strings
   */
  of(protocol: ProtocolName): ReadonlyMap<ThriftService, ServiceCodec> {
    const known = this.byProtocol.get(protocol);
    if (known) return known;
    const codecs = new Map(this.services.map((service) => [service, compileService(service, protocol, this.options)]));
    this.byProtocol.set(protocol, codecs);
    return codecs;
  }
}
