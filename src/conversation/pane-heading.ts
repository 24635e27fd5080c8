/** The heading of what is shown, which takes the focus when a screen changes under a reader. */
export const paneHeading: { current: HTMLElement | null } = { current: null };
