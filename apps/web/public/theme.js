// A file of its own, loaded before the first paint: the page's policy allows no inline script.
try {
  const theme = localStorage.getItem("freehold.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (error) {
  console.debug("Theme stays as the system has it.", error);
}
