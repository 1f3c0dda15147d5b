// Changes what is shown where two versions of it differ, and leaves the rest as readers and drawings have left it.

/**
 * @param shown made of `before`; what was added to its elements since stays, such as what is drawn into those that are empty
 * @param after what it is made to show
 */
export function patch(shown: ParentNode, before: ParentNode, after: ParentNode): void {
  const [live, old, next] = [[...shown.childNodes], [...before.childNodes], [...after.childNodes]];
  for (const [i, node] of next.entries()) {
    const [was, is] = [old[i], live[i]];
    if (was === undefined) shown.append(document.importNode(node, true));
    else if (was.isEqualNode(node)) continue;
    else if (was instanceof Element && node instanceof Element && was.nodeName === node.nodeName) {
      patchAttributes(is as Element, was, node);
      patch(is as Element, was, node);
    } else shown.replaceChild(document.importNode(node, true), is!);
  }
  for (const node of live.slice(next.length, old.length)) shown.removeChild(node);
}

function patchAttributes(shown: Element, before: Element, after: Element): void {
  for (const { name } of before.attributes) if (!after.hasAttribute(name)) shown.removeAttribute(name);
  for (const { name, value } of after.attributes) {
    if (before.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
}
