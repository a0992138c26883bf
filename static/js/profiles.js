/** The choice of a look: in the bar, and on phones in the menu. */

/** @param {(profile: string | null) => void} choose */
export function profileSwitch(choose) {
  const selects = /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll('select.profile'));
  for (const select of selects) select.addEventListener('change', () => choose(select.value || null));
  return {
    /**
     * Puts a look in force; null is what the system prefers.
     * @param {string | null} profile
     * @returns {boolean} whether the colours changed
     */
    apply(profile) {
      const wanted = profile ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
      for (const select of selects) select.value = profile ?? '';
      if (document.documentElement.dataset.profile === wanted) return false;
      document.documentElement.dataset.profile = wanted;
      return true;
    },
  };
}
