// Where this page stands. Back and Forward may have been pressed before its scripts had come to hear it.

export const served = address(performance.getEntriesByType("navigation")[0]?.name);

export function address(url = location.href) {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
