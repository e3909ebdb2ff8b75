import type {
  DynamicModule,
  ForwardReference,
  INestApplication,
  INestMicroservice,
  ModuleMetadata,
  Type,
} from '@nestjs/common';
import { describeOption } from '../common/option-names.js';
import type { BaseThriftServer } from './server/base-thrift-server.js';
import { isStrategy } from './strategies.js';

/** Module of an application, in every form that `NestFactory` takes. */
export type AppModule = Type<unknown> | DynamicModule | ForwardReference | ModuleMetadata | Promise<DynamicModule>;

/** A compiled module of `@nestjs/testing`, described by its shape: the package is not a dependency. */
export interface TestingModuleLike {
  createNestApplication(...options: never[]): INestApplication;
  createNestMicroservice(options: { strategy: BaseThriftServer }): INestMicroservice;
  get(token: unknown, options: { strict: false }): unknown;
}

/** A module that another module can import. */
export type ImportableModule = Type<unknown> | DynamicModule | ForwardReference;

/**
 * Returns the module of an application, or a compiled testing module. Module metadata without a
 * class get a class.
 *
 * @throws TypeError the value is no module; names the mistake
 */
export async function resolveModule(
  given: AppModule | TestingModuleLike | Promise<TestingModuleLike>,
): Promise<ImportableModule | TestingModuleLike> {
  const module: unknown = await given;
  if (typeof module === 'function') return module as Type<unknown>;
  const mistake = mistakeOf(module);
  if (mistake !== undefined) throw new TypeError(`ThriftFactory needs a module; the first argument is ${mistake}`);
  const complete = ['module', 'forwardRef', 'createNestMicroservice'].some((name) => name in (module as object));
  return (complete ? module : { ...(module as ModuleMetadata), module: class AppModule {} }) as DynamicModule;
}

/** True for a compiled module of `@nestjs/testing`. */
export function isTestingModule(module: object): module is TestingModuleLike {
  return 'createNestMicroservice' in module && 'createNestApplication' in module;
}

function mistakeOf(module: unknown): string | undefined {
  if (typeof module !== 'object' || module === null) return describeOption(module);
  if (isTestingModule(module)) return undefined;
  if (isStrategy(module)) return 'a strategy; pass the module first, then the strategy';
  if ('compile' in module) return 'a testing module that is not compiled; await its method compile()';
  if ('enableShutdownHooks' in module) return 'an application; pass its module';
  return undefined;
}
