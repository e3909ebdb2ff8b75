import 'reflect-metadata';
import {
  type CanActivate,
  Catch,
  Controller,
  Inject,
  Injectable,
  Module,
  type NestInterceptor,
  type OnModuleDestroy,
  type PipeTransform,
  type RpcExceptionFilter,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { RejectEventException, RetryEventException } from 'nestjs-sqs-thrift';
import { EMPTY, map, Observable, of, throwError, timer } from 'rxjs';
import { FAILURES } from '../../nest/failures.js';

/** Ways in which a handler succeeds. */
export const SUCCESSES: readonly (readonly [string, () => unknown])[] = [
  ['returns nothing', () => undefined],
  ['returns a value', () => 42],
  ['returns a synchronous observable', () => of('x')],
  ['returns an empty observable', () => EMPTY],
  ['returns an observable of several values', () => of(1, 2, 3)],
  ['returns a promise of an observable', () => Promise.resolve(of(1))],
  ['returns an observable that completes later', () => timer(5)],
];

/** Notes what the application does, and holds its slow handlers. */
@Injectable()
export class Journal implements OnModuleDestroy {
  readonly lines: string[] = [];
  /** Holds the handlers of `slow` until the test lets them end. */
  hold: Promise<void> = Promise.resolve();
  /** Completes the observable of `complete`. */
  complete: () => void = () => undefined;
  /** Takes each line. */
  told: (line: string) => void = () => undefined;
  private readonly counts = new Map<string, number>();
  private readonly waiting = new Set<() => void>();

  note(line: string): void {
    this.lines.push(line);
    this.told(line);
    for (const wake of this.waiting) wake();
  }

  /** Counts, and returns the count. */
  count(key: string): number {
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count;
  }

  /** Waits until so many lines are noted. */
  async until(count: number): Promise<readonly string[]> {
    while (this.lines.length < count) await new Promise<void>((resolve) => this.waiting.add(resolve));
    return this.lines;
  }

  onModuleDestroy(): void {
    this.note('destroyed');
  }
}

@Injectable()
class DenyFirst implements CanActivate {
  private asked = 0;

  canActivate(): boolean {
    return (this.asked += 1) > 1;
  }
}

@Injectable()
class FailFirst implements PipeTransform {
  private asked = 0;

  transform({ text }: { text: string }): unknown {
    if ((this.asked += 1) === 1) throw new Error('does not fit');
    return { text: text.toUpperCase() };
  }
}

@Catch()
class Swallow implements RpcExceptionFilter<unknown> {
  catch(): Observable<never> {
    return EMPTY;
  }
}

/** Answers in a promise, although Nest expects an observable. */
@Catch()
class LateFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return Promise.resolve(throwError(() => error)) as unknown as Observable<never>;
  }
}

const passThrough: NestInterceptor = {
  intercept: (_context, next) => next.handle().pipe(map((value: unknown) => value)),
};

interface Kind {
  readonly kind: number;
}

@Controller()
class OutcomesController {
  constructor(@Inject(Journal) private readonly journal: Journal) {}

  @EventPattern<string>('fail')
  fail(@Payload() { kind }: Kind): unknown {
    return this.journal.count(`fail ${kind}`) === 1 ? FAILURES[kind]![1]() : undefined;
  }

  @EventPattern<string>('failBehindInterceptor')
  @UseInterceptors(passThrough)
  failBehindInterceptor(@Payload() { kind }: Kind): unknown {
    return this.journal.count(`behind an interceptor ${kind}`) === 1 ? FAILURES[kind]![1]() : undefined;
  }

  @EventPattern<string>('failBehindFilter')
  @UseInterceptors(passThrough)
  @UseFilters(LateFilter)
  failBehindFilter(): void {
    if (this.journal.count('behind a filter') === 1) throw new Error('broken');
  }

  @EventPattern<string>('failAlways')
  failAlways(): void {
    throw new Error('broken for good');
  }

  @EventPattern<string>('succeed')
  succeed(@Payload() { kind }: Kind): unknown {
    this.journal.note(`succeed ${kind}`);
    return SUCCESSES[kind]![1]();
  }

  @EventPattern<string>('complete')
  complete(): Observable<number> {
    return new Observable((subscriber) => {
      subscriber.next(1);
      this.journal.complete = () => subscriber.complete();
      this.journal.note('subscribed');
    });
  }

  @EventPattern<string>('denied')
  @UseGuards(DenyFirst)
  denied(): void {
    this.journal.note('let in');
  }

  @EventPattern<string>('piped')
  @UsePipes(FailFirst)
  piped(@Payload() { text }: { text: string }): void {
    this.journal.note(text);
  }

  @EventPattern<string>('swallowed')
  @UseFilters(Swallow)
  swallowed(): void {
    throw new Error('counts as handled');
  }

  @EventPattern<string>('refuse')
  refuse(): void {
    throw new RejectEventException('there is no such user');
  }

  @EventPattern<string>('askForRetry')
  askForRetry(): void {
    if (this.journal.count('ask for retry') === 1) throw new RetryEventException(1);
  }

  @EventPattern<string>('both')
  first(): void {
    this.journal.note('first');
    if (this.journal.count('first') === 1) throw new Error('broken');
  }

  @EventPattern<string>('both')
  second(): void {
    this.journal.note('second');
  }

  @EventPattern<string>('slow')
  async slow(@Payload() { number }: { number: number }): Promise<void> {
    this.journal.note(`begins ${number}`);
    await this.journal.hold;
    this.journal.note(`ends ${number}`);
  }
}

/** Stands for a connection that cannot be made for the first call. */
const FLAKY = {
  provide: 'FLAKY',
  scope: Scope.REQUEST,
  inject: [Journal],
  useFactory: (journal: Journal): number => {
    const count = journal.count('built');
    if (count === 1) throw new Error('no connection');
    return count;
  },
};

@Controller({ scope: Scope.REQUEST })
class ScopedController {
  constructor(
    @Inject(Journal) private readonly journal: Journal,
    @Inject('FLAKY') private readonly built: number,
  ) {}

  @EventPattern<string>('scoped')
  scoped(): void {
    this.journal.note(`instance ${this.built}`);
  }
}

/** The application, which does not know its carrier. */
@Module({
  controllers: [OutcomesController, ScopedController],
  providers: [Journal, DenyFirst, FailFirst, FLAKY],
})
export class OutcomesModule {}
