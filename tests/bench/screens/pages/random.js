// A seeded source of chance (mulberry32): a page is what its seed says, always.
class Chance {
  constructor(seed) { this.state = (seed * 2654435761) >>> 0; }
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  number(low, high) { return low + Math.floor(this.next() * (high - low + 1)); }
  of(list) { return list[this.number(0, list.length - 1)]; }
  happens(share) { return this.next() < share; }
  some(list, count) {
    const rest = [...list], taken = [];
    while (taken.length < count && rest.length) taken.push(...rest.splice(this.number(0, rest.length - 1), 1));
    return taken;
  }
}
