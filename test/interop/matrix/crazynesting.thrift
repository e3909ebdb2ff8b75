/** The one structure of Apache's cross-language test that has no Go: keys of maps may not be slices there. */
include "thrifttest.thrift"

namespace py crazynesting
namespace java crazynesting
namespace go crazynesting

struct CrazyNesting {
  1: string string_field,
  2: optional set<thrifttest.Insanity> set_field,
  3: required list<map<set<i32> (python.immutable = ""), map<i32, set<list<map<thrifttest.Insanity, string> (python.immutable = "")> (python.immutable = "")>>>> list_field,
  4: binary binary_field,
  5: uuid uuid_field,
}

service CrazyNestingTest extends thrifttest.ThriftTest {
  oneway void testCrazyNesting(1: CrazyNesting thing),
}
