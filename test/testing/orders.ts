import 'reflect-metadata';
import {
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type DynamicModule,
  type ExecutionContext,
  HttpCode,
  Inject,
  Injectable,
  Module,
  type NestInterceptor,
  type OnModuleDestroy,
  Param,
  type PipeTransform,
  Post,
  type RpcExceptionFilter,
  Scope,
  type Type,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { ClientsModule, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type BaseThriftClient, RejectEventException, type ThriftContext } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { EMPTY, finalize, lastValueFrom, type Observable } from 'rxjs';

/** The same IDL on every carrier. Order and deduplication matter on FIFO queues only. */
const schema = loadSchemaFromText(`
  struct Order { 1: required string id, 2: required string userId }
  service Orders {
    oneway void place(1: Order order),
    oneway void fail(1: Order order),
    oneway void refuse(1: Order order),
    oneway void guarded(1: Order order),
    oneway void slow(1: Order order),
    oneway void scoped(1: Order order),
  }
  service OrderedOrders {
    oneway void placeInOrder(1: Order order) (sqs.group = "order.userId", sqs.dedup = "order.id"),
  }`);
export const Orders = findService(schema, 'Orders');
export const OrderedOrders = findService(schema, 'OrderedOrders');

interface Args {
  readonly order: { readonly id: string; readonly userId: string };
}

/** Notes what the application does, in order. */
@Injectable()
export class Journal implements OnModuleDestroy {
  readonly lines: string[] = [];
  /** Holds the handlers of `slow` until the test lets them end. */
  hold: Promise<void> = Promise.resolve();

  note(line: string): void {
    this.lines.push(line);
  }

  onModuleDestroy(): void {
    this.note('destroyed');
  }
}

@Injectable()
class DenyFirst implements CanActivate {
  private asked = 0;

  canActivate(): boolean {
    this.asked += 1;
    return this.asked > 1;
  }
}

@Injectable()
class UpperCase implements PipeTransform<Args, Args> {
  transform({ order }: Args): Args {
    return { order: { ...order, userId: order.userId.toUpperCase() } };
  }
}

@Injectable()
class NoteAround implements NestInterceptor {
  constructor(@Inject(Journal) private readonly journal: Journal) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    this.journal.note(`before ${context.switchToRpc().getContext<ThriftContext>().getPattern()}`);
    return next.handle().pipe(finalize(() => this.journal.note('after')));
  }
}

/** Counts an error as handled, so the call is acknowledged. */
@Catch(RangeError)
class Swallow implements RpcExceptionFilter<RangeError> {
  catch(): Observable<never> {
    return EMPTY;
  }
}

/** Exists once per call. */
@Injectable({ scope: Scope.REQUEST })
class PerCall {
  private static made = 0;
  readonly number = (PerCall.made += 1);
}

@Controller()
class OrdersHandlers {
  constructor(@Inject(Journal) private readonly journal: Journal) {}

  @EventPattern<string>('place')
  place(@Payload() { order }: Args, @Ctx() context: ThriftContext): void {
    this.journal.note(`placed ${order.id} of ${order.userId}, delivery ${context.getReceiveCount()}`);
  }

  @EventPattern<string>('placeInOrder')
  placeInOrder(@Payload() { order }: Args, @Ctx() context: ThriftContext): void {
    if (order.id === 'first' && context.getReceiveCount() === 1) throw new Error('not today');
    this.journal.note(`${context.getGroupId()}: ${order.id}`);
  }

  @EventPattern<string>('fail')
  fail(@Payload() { order }: Args, @Ctx() context: ThriftContext): void {
    this.journal.note(`delivery ${context.getReceiveCount()} of ${order.id}`);
    if (context.getReceiveCount() === 1) throw new Error('not today');
  }

  @EventPattern<string>('refuse')
  refuse(@Payload() { order }: Args): void {
    throw new RejectEventException(`there is no user ${order.userId}`);
  }

  @EventPattern<string>('guarded')
  @UseGuards(DenyFirst)
  @UsePipes(UpperCase)
  @UseInterceptors(NoteAround)
  @UseFilters(Swallow)
  guarded(@Payload() { order }: Args): void {
    this.journal.note(`guarded ${order.userId}`);
    throw new RangeError('counts as handled');
  }

  @EventPattern<string>('slow')
  async slow(): Promise<void> {
    this.journal.note('begins');
    await this.journal.hold;
    this.journal.note('ends');
  }
}

@Controller({ scope: Scope.REQUEST })
class ScopedHandlers {
  constructor(
    @Inject(Journal) private readonly journal: Journal,
    @Inject(PerCall) private readonly perCall: PerCall,
  ) {}

  @EventPattern<string>('scoped')
  scoped(): void {
    this.journal.note(`instance ${this.perCall.number}`);
  }
}

/** Emits for a request over HTTP, as a web application does. */
@Controller('orders')
class WebController {
  constructor(@Inject('ORDERS') private readonly client: BaseThriftClient) {}

  @Post(':id')
  @HttpCode(202)
  async place(@Param('id') id: string): Promise<{ messageId: string }> {
    return { messageId: await lastValueFrom(this.client.emit<string>('place', { order: { id, userId: 'web' } })) };
  }
}

/** What a carrier exchanges in the module: the class of its client. */
export type ClientClass = Type<BaseThriftClient>;

@Module({})
export class OrdersModule {
  /** Returns the application's module. Nothing but the class of the client depends on the carrier. */
  static over(customClass: ClientClass, options: Record<string, unknown>): DynamicModule {
    return {
      module: OrdersModule,
      imports: [ClientsModule.register([{ name: 'ORDERS', customClass, options }])],
      controllers: [OrdersHandlers, ScopedHandlers, WebController],
      providers: [Journal, PerCall, NoteAround, DenyFirst],
      exports: [ClientsModule],
    };
  }
}
