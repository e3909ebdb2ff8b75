import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { brand } from '../../common/brand.js';
import { messageOf } from '../../diagnostics/error-text.js';
import type { ClientState, WorkerState } from '../../diagnostics/transport-state.js';
import type { ThriftWorkers } from '../../nest/thrift-workers.js';
import type { HealthPortOptions, MetricsSource } from './health-port-options.js';
import { type HealthAnswer, HealthServer, jsonAnswer } from './health-server.js';
import { clientReadiness, type ProbeResult, workerLiveness, workerReadiness } from './probes.js';

/** Time in ms for which collected metrics are answered again. */
const METRICS_MS = 1_000;

/** Has a state of this moment. */
type Stateful<State> = { readonly state: State };

/**
 * Serves `/live`, `/ready` and perhaps `/metrics` for an application without HTTP. Listens from
 * `onModuleInit`, so that a startup probe sees it, and answers while the application drains. It closes in
 * `onApplicationShutdown`, the last hook of Nest.
 *
 * @publicApi
 */
export class HealthPort implements OnModuleInit, OnApplicationShutdown {
  static {
    brand(this, 'HealthPort');
  }

  private readonly server: HealthServer;
  private clients: readonly Stateful<ClientState>[] = [];
  private metricsRun: Promise<string> | undefined;
  private start: Promise<void> | undefined;

  /** @internal */
  constructor(
    private readonly options: HealthPortOptions,
    private readonly modules: ModuleRef,
    private readonly application: ThriftWorkers | undefined,
  ) {
    this.server = new HealthServer((path) => this.route(path));
  }

  /**
   * Returns the port that it listens on.
   *
   * @throws Error it does not listen yet, or no longer
   */
  get port(): number {
    const { port } = this.server;
    if (port === undefined) throw new Error('the health port listens from onModuleInit to the end of the shutdown');
    return port;
  }

  /**
   * Begins to listen, once: `init` of a Nest microservice calls the hook twice.
   *
   * @throws Error the port is taken, a client does not exist, or there is nothing to ask
   */
  onModuleInit(): Promise<void> {
    return (this.start ??= this.listen());
  }

  onApplicationShutdown(): Promise<void> {
    return this.server.close();
  }

  private async listen(): Promise<void> {
    const { port, host, clients = [] } = this.options;
    this.clients = clients.map((client) => this.clientOf(client));
    if (this.workers.length + this.clients.length === 0) {
      throw new Error(
        'the health port has no worker and no client to ask; create the application with ThriftFactory, ' +
          'or give HealthPortModule.register the option workers or clients',
      );
    }
    try {
      await this.server.listen(port, host);
    } catch (cause) {
      throw new Error(`the health port cannot listen on ${hostText(host)}port ${port}: ${adviceOn(cause)}`, { cause });
    }
  }

  private get workers(): readonly Stateful<WorkerState>[] {
    return this.options.workers ?? this.application?.all ?? [];
  }

  private clientOf(client: NonNullable<HealthPortOptions['clients']>[number]): Stateful<ClientState> {
    if (typeof client === 'object' && 'state' in client) return client;
    const found = this.modules.get<Partial<Stateful<ClientState>> | null>(client, { strict: false });
    if (found?.state) return found as Stateful<ClientState>;
    throw new Error('the health port asks a client that is not one of nestjs-sqs-thrift; correct option clients');
  }

  private route(path: string): Promise<HealthAnswer> | HealthAnswer | undefined {
    const { readiness, liveness, metrics } = this.options;
    const workers = this.workers.map(({ state }) => state);
    if (path === '/live') return probeAnswer({ workers: workers.map((state) => workerLiveness(state, liveness)) });
    if (path === '/ready') {
      return probeAnswer({
        workers: workers.map((state) => workerReadiness(state, readiness)),
        clients: this.clients.map(({ state }) => clientReadiness(state)),
      });
    }
    return path === '/metrics' && metrics ? this.metrics(metrics) : undefined;
  }

  /** Collects metrics. Requests within a second share the result, since a collection takes time of the handlers. */
  private async metrics(source: MetricsSource): Promise<HealthAnswer> {
    this.metricsRun ??= source.metrics().finally(() => {
      setTimeout(() => (this.metricsRun = undefined), METRICS_MS).unref();
    });
    return { code: 200, type: source.contentType, body: await this.metricsRun };
  }
}

/** Answers 200 if all results are ok, and 503 if one is not. */
function probeAnswer(results: Readonly<Record<string, readonly ProbeResult[]>>): HealthAnswer {
  const all = Object.values(results).flat();
  const isOk = all.every(({ ok }) => ok);
  const isDegraded = all.some(({ degraded }) => degraded);
  const shown = Object.entries(results).map(([name, list]) => [name, list.map(shownResult)]);
  const status = isOk ? (isDegraded ? 'degraded' : 'ok') : 'down';
  return jsonAnswer(isOk ? 200 : 503, { status, ...(Object.fromEntries(shown) as object) });
}

/** Leaves out the text of a failure: it comes from elsewhere, may name an account, and anyone may ask. */
function shownResult({ details, ...result }: ProbeResult): object {
  return { ...result, ...details, failure: undefined };
}

function hostText(host: string | undefined): string {
  return host === undefined ? '' : `${host}, `;
}

function adviceOn(cause: unknown): string {
  const { code } = cause as { readonly code?: unknown };
  if (code === 'EADDRINUSE') return 'another program uses it; give option port of HealthPortModule a free port';
  if (code === 'EACCES') return 'the user may not use it; give option port of HealthPortModule a port above 1023';
  if (code === 'EADDRNOTAVAIL') return 'the machine does not have this address; correct option host, or leave it out';
  return messageOf(cause);
}
