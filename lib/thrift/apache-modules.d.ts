/** The module of the `thrift` package with its exceptions and type codes, and nothing else. */
declare module 'thrift/lib/nodejs/lib/thrift/thrift.js' {
  import type { Thrift } from 'thrift';

  const apache: typeof Thrift;
  export = apache;
}
