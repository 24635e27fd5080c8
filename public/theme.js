// Runs before the first paint, so that a chosen theme never flashes.
try {
  const theme = localStorage.getItem('atlas-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (error) {
  // Site data is blocked: the system's theme it is.
  if (!(error instanceof DOMException)) throw error;
}
