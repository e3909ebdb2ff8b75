import { Readable } from 'node:stream';

interface HttpRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request handler for a client of the SDK that sends nothing. It answers every request with the same JSON. */
export class RecordedHosts {
  /** The hosts that requests were for, each with the region of its signature. */
  readonly seen = new Set<string>();
  readonly metadata = { handlerProtocol: 'http/1.1' };

  constructor(private readonly answer: object = { Attributes: {} }) {}

  async handle({ protocol, hostname, port, headers }: HttpRequest): Promise<{ readonly response: object }> {
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1];
    this.seen.add(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`} ${region}`);
    const body = Readable.from([Buffer.from(JSON.stringify(this.answer))]);
    return { response: { statusCode: 200, headers: {}, body } };
  }

  httpHandlerConfigs(): object {
    return {};
  }

  updateHttpClientConfig(): void {
    // There is nothing to configure.
  }

  destroy(): void {
    // There is no connection.
  }
}
