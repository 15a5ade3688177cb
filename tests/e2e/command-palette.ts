import type { Page } from 'playwright-core';

/** How a person goes anywhere by keyboard. */
export function commandPalette(page: Page) {
  const dialog = page.getByRole('dialog', { name: 'Go to' });
  return {
    dialog,
    button: page.getByRole('button', { name: /Go to/ }),
    /** Opens it, and waits until it takes what is typed. */
    async open() {
      await page.keyboard.press('ControlOrMeta+k');
      await dialog.locator('[role=combobox]:focus').waitFor();
    },
    field: dialog.getByRole('combobox'),
    options: dialog.getByRole('option'),
    option: (name: string) => dialog.getByRole('option', { name }),
    chosen: dialog.locator('[role=option][aria-selected=true]'),
  };
}
