// removed when the room's first source arrives
namespace kith {}
