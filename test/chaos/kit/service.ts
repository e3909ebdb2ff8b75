import { type BrokenRule, ELASTICMQ_DEVIATIONS } from '../../elasticmq/deviations.js';
import { startElasticMq } from '../../elasticmq/server.js';
import type { FaultScript } from '../../fakes/sqs/faults.js';
import { type SqsFake, startSqsFake } from '../../fakes/sqs/sqs-fake.js';

/** An SQS on this machine, whoever wrote it. */
export interface SqsService {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  createQueue(name: string): Promise<void>;
  /** Sets the faults of later requests. Does nothing if the service cannot misbehave by script. */
  misbehave(faults: FaultScript | undefined): void;
  stop(): Promise<void>;
}

const isElasticMq = process.env.CHAOS_SQS === 'elasticmq';

/** Rules of SQS that the service of {@link startService} is known to break, each with what it does instead. */
export const deviations: Readonly<Partial<Record<BrokenRule, string>>> = isElasticMq ? ELASTICMQ_DEVIATIONS : {};

/** The one that CHAOS_SQS names: `elasticmq`, or by default the fake of this project. */
export async function startService(): Promise<SqsService> {
  if (!isElasticMq) return serviceOf(await startSqsFake());
  const other = await startElasticMq();
  return { ...other, createQueue: async (name) => void (await other.createQueue(name)), misbehave: () => undefined };
}

/** The fake as one of several. */
export function serviceOf(fake: SqsFake): SqsService {
  const { endpoint, region, credentials } = fake;
  return {
    endpoint,
    region,
    credentials,
    createQueue: async (name) => void fake.createQueue(name),
    misbehave: (faults) => void (fake.faults = faults),
    stop: () => fake.stop(),
  };
}
