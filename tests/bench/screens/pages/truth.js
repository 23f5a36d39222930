// What is on the page, as the browser laid it out: words and elements that can be seen.
function visible(node, x, y) {
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
  const top = document.elementFromPoint(x, y);
  return !!top && (top === node || node.contains(top) || top.contains(node) || top.closest?.('svg') === node);
}
function unclipped(node, box) {
  for (let it = node; it && it !== document.body; it = it.parentElement) {
    if (getComputedStyle(it).overflow !== 'hidden') continue;
    const clip = it.getBoundingClientRect();
    if (box.left < clip.left - 1 || box.right > clip.right + 1 || box.top < clip.top - 2 || box.bottom > clip.bottom + 2) return false;
  }
  return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
}
// Of an icon that is told which can be seen, not the room around it.
function shown(node) {
  const whole = node.getBoundingClientRect();
  if (node.tagName !== 'svg' || whole.width < 11) return whole;
  const parts = [...node.children].map((it) => it.getBoundingClientRect());
  const left = Math.min(...parts.map((it) => it.left)), top = Math.min(...parts.map((it) => it.top));
  return new DOMRect(left, top, Math.max(...parts.map((it) => it.right)) - left, Math.max(...parts.map((it) => it.bottom)) - top);
}
const rounded = (box) => [box.left, box.top, box.width, box.height].map((it) => Math.round(it * 10) / 10);

window.truth = function () {
  const found = [], elements = [], unsure = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (['SCRIPT', 'STYLE'].includes(node.parentElement.tagName)) continue;
    for (const match of node.data.matchAll(/\S+/g)) {
      // The dots of a password say nothing.
      const isHidden = /^•+$/.test(match[0]);
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const boxes = [...range.getClientRects()].filter((it) => it.width > 0);
      if (boxes.length !== 1) continue;
      const [box] = boxes;
      const places = [0.05, 0.5, 0.95].map((at) => visible(node.parentElement, box.left + box.width * at, box.top + box.height / 2));
      if (!isHidden && places.every(Boolean) && unclipped(node.parentElement, box)) found.push({ text: match[0], box: rounded(box) });
      // Half a word is neither right nor wrong.
      else if (box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight) unsure.push(rounded(box));
    }
  }
  for (const node of document.querySelectorAll('[data-kind]')) {
    const box = shown(node);
    const corners = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => visible(node, box.left + box.width * x, box.top + box.height * y));
    const { kind, text, label, checked, enabled, focused } = node.dataset;
    const flag = (it) => (it === undefined ? null : it === 'true');
    const seen = corners.filter(Boolean).length;
    const isWindow = kind === 'window' || kind === 'dialog' || kind === 'title-bar';
    if (!unclipped(node, box) || seen < (isWindow ? 3 : 5)) { unsure.push(rounded(box)); continue; }
    elements.push({ kind, box: rounded(box), text: text ?? null, label: label || null, checked: flag(checked), enabled: flag(enabled), focused: flag(focused) });
  }
  return { seed, screen: screenKind, theme: theme.name, font: theme.family, size: theme.px, language, width: innerWidth, height: innerHeight, words: found, elements, unsure };
};
