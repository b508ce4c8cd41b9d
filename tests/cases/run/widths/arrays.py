"""Arrays of plain data with views."""

from runtime.lang import Array, new_array, u8, u32


def total(data: Array[u32]) -> int:
    result = 0
    for value in data:
        result += int(value)
    return result


data = new_array(u32, 8)
for i in range(len(data)):
    data[i] = u32(i * i)
print(total(data), int(data[3]), int(data[-1]), len(data[2:5]), total(data[2:5]))
part = data[1:3]
part[0] = u32(100)
print(int(data[1]))
octets = new_array(u8, 4)
octets.fill(7)
octets[1] = u8(65)
print(bytes(octets))
try:
    print(int(data[8]))
except IndexError:
    print("index")
