import { Transport } from '@nestjs/microservices';

/** Messages that RabbitMQ gives a consumer before it has acknowledged the first of them. */
const PREFETCH = 200;

/**
 * Returns the options of a transport of Nest.
 *
 * @param {{ transport: 'tcp' | 'nats' | 'redis' | 'rmq', host: string, port: number }} where
 * @param {'client' | 'server'} end
 */
export function transportOptions({ transport, host, port }, end) {
  switch (transport) {
    case 'tcp':
      return { transport: Transport.TCP, options: { host, port } };
    case 'nats':
      return { transport: Transport.NATS, options: { servers: [`nats://${host}:${port}`] } };
    case 'redis':
      return { transport: Transport.REDIS, options: { host, port } };
    case 'rmq':
      return {
        transport: Transport.RMQ,
        options: {
          urls: [`amqp://guest:guest@${host}:${port}`],
          queue: 'bench',
          queueOptions: { durable: false },
          // A client would refuse replies with these.
          ...(end === 'server' && { noAck: false, prefetchCount: PREFETCH }),
        },
      };
    default:
      throw new TypeError(`there is no transport ${transport}`);
  }
}
