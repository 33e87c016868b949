/** Addresses that a model or tool may offer to open: nothing that runs code or reads this machine's files. */
export function isOpenable(href: string): boolean {
  return /^(https?|mailto):/i.test(href);
}
