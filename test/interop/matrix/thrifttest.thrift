/**
 * The structures that Apache Thrift's own cross-language test exchanges, each as the parameter of a oneway function, beside the functions
 * of the vectors. What Go cannot hold is in crazynesting.thrift.
 */
include "../../vectors/vectors.thrift"

namespace py thrifttest
namespace java thrifttest
namespace go thrifttest

enum Numberz { ONE = 1, TWO, THREE, FIVE = 5, SIX, EIGHT = 8 }

typedef i64 UserId

struct Bonk {
  1: string message,
  2: i32 type,
}

typedef map<string, Bonk> MapType

struct Bools {
  1: bool im_true,
  2: bool im_false,
}

/** Immutable in Python, like what else is in sets and keys below: only so it has a hash. Nothing of that goes over the wire. */
struct Xtruct {
  1: string string_thing,
  4: i8 byte_thing,
  9: i32 i32_thing,
  11: i64 i64_thing,
} (python.immutable = "")

struct Xtruct2 {
  1: i8 byte_thing,
  2: Xtruct struct_thing,
  3: i32 i32_thing,
}

struct Xtruct3 {
  1: string string_thing,
  4: i32 changed,
  9: i32 i32_thing,
  11: i64 i64_thing,
}

struct Insanity {
  1: map<Numberz, UserId> (python.immutable = "") userMap,
  2: list<Xtruct> (python.immutable = "") xtructs,
} (python.immutable = "")

union SomeUnion {
  1: map<Numberz, UserId> map_thing,
  2: string string_thing,
  3: i32 i32_thing,
  4: Xtruct3 xtruct_thing,
  5: Insanity insanity_thing,
}

exception Xception {
  1: i32 errorCode,
  2: string message,
}

exception Xception2 {
  1: i32 errorCode,
  2: Xtruct struct_thing,
}

struct EmptyStruct {}

struct OneField {
  1: EmptyStruct field,
}

struct VersioningTestV1 {
  1: i32 begin_in_both,
  3: string old_string,
  12: i32 end_in_both,
}

struct VersioningTestV2 {
  1: i32 begin_in_both,
  2: i32 newint,
  3: i8 newbyte,
  4: i16 newshort,
  5: i64 newlong,
  6: double newdouble,
  7: Bonk newstruct,
  8: list<i32> newlist,
  9: set<i32> newset,
  10: map<i32, i32> newmap,
  11: string newstring,
  12: i32 end_in_both,
}

struct ListTypeVersioningV1 {
  1: list<i32> myints,
  2: string hello,
}

struct ListTypeVersioningV2 {
  1: list<string> strings,
  2: string hello,
}

struct GuessProtocolStruct {
  7: map<string, string> map_field,
}

struct LargeDeltas {
  1: Bools b1,
  10: Bools b10,
  100: Bools b100,
  500: bool check_true,
  1000: Bools b1000,
  1500: bool check_false,
  2000: VersioningTestV2 vertwo2000,
  2500: set<string> a_set2500,
  3000: VersioningTestV2 vertwo3000,
  4000: list<i32> big_numbers,
}

struct NestedListsI32x2 {
  1: list<list<i32>> integerlist,
}

struct NestedListsI32x3 {
  1: list<list<list<i32>>> integerlist,
}

struct NestedMixedx2 {
  1: list<set<i32>> int_set_list,
  2: map<i32, set<string>> map_int_strset,
  3: list<map<i32, set<string>>> map_int_strset_list,
}

struct ListBonks {
  1: list<Bonk> bonk,
}

struct NestedListsBonk {
  1: list<list<list<Bonk>>> bonk,
}

struct BoolTest {
  1: optional bool b = true,
  2: optional string s = "true",
}

struct StructA {
  1: required string s,
}

struct StructB {
  1: optional StructA aa,
  2: required StructA ab,
}

struct OptionalSetDefaultTest {
  1: optional set<string> with_default = ["test"],
}

struct OptionalBinary {
  1: optional set<binary> bin_set = {},
  2: optional map<binary, i32> bin_map = {},
}

/** Named as the functions of Apache's test and its structures are; what those return is a parameter here. */
service ThriftTest extends vectors.Vectors {
  oneway void testVoid(),
  oneway void testString(1: string thing),
  oneway void testBool(1: bool thing),
  oneway void testByte(1: i8 thing),
  oneway void testI32(1: i32 thing),
  oneway void testI64(1: i64 thing),
  oneway void testDouble(1: double thing),
  oneway void testBinary(1: binary thing),
  oneway void testUuid(1: uuid thing),
  oneway void testStruct(1: Xtruct thing),
  oneway void testNest(1: Xtruct2 thing),
  oneway void testMap(1: map<i32, i32> thing),
  oneway void testStringMap(1: map<string, string> thing),
  oneway void testSet(1: set<i32> thing),
  oneway void testList(1: list<i32> thing),
  oneway void testEnum(1: Numberz thing),
  oneway void testTypedef(1: UserId thing),
  oneway void testMapMap(1: map<i32, map<i32, i32>> thing),
  oneway void testInsanity(1: Insanity argument),
  oneway void testInsanities(1: map<UserId, map<Numberz, Insanity>> thing),
  oneway void testMulti(1: i8 arg0, 2: i32 arg1, 3: i64 arg2, 4: map<i16, string> arg3, 5: Numberz arg4, 6: UserId arg5),
  oneway void testBonk(1: Bonk thing),
  oneway void testMapType(1: MapType thing),
  oneway void testBools(1: Bools thing),
  oneway void testXtruct3(1: Xtruct3 thing),
  oneway void testSomeUnion(1: SomeUnion thing),
  oneway void testXception(1: Xception thing),
  oneway void testXception2(1: Xception2 thing),
  oneway void testEmptyStruct(1: EmptyStruct thing),
  oneway void testOneField(1: OneField thing),
  oneway void testVersioningV1(1: VersioningTestV1 thing),
  oneway void testVersioningV2(1: VersioningTestV2 thing),
  oneway void testListTypeVersioningV1(1: ListTypeVersioningV1 thing),
  oneway void testListTypeVersioningV2(1: ListTypeVersioningV2 thing),
  oneway void testGuessProtocol(1: GuessProtocolStruct thing),
  oneway void testLargeDeltas(1: LargeDeltas thing),
  oneway void testNestedListsI32x2(1: NestedListsI32x2 thing),
  oneway void testNestedListsI32x3(1: NestedListsI32x3 thing),
  oneway void testNestedMixedx2(1: NestedMixedx2 thing),
  oneway void testListBonks(1: ListBonks thing),
  oneway void testNestedListsBonk(1: NestedListsBonk thing),
  oneway void testBoolTest(1: BoolTest thing),
  oneway void testStructA(1: StructA thing),
  oneway void testStructB(1: StructB thing),
  oneway void testOptionalSetDefault(1: OptionalSetDefaultTest thing),
  oneway void testOptionalBinary(1: OptionalBinary thing),
  /** Structs where most languages ask for an order, a hash or an identity. */
  oneway void testSetOfStructs(1: set<Insanity> thing),
  oneway void testKeysOfStructs(1: map<Insanity, string> thing),
  /** Parameters that are declared in another order than that of their ids. */
  oneway void testOrder(9: string last, 1: i32 first, 5: bool middle),
}
