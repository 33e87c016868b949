/** The environment of a tool server: a few fixed variables and what the owner gave it. Nothing of ours is inherited. */
export function serverEnvironment(given: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/tmp", TMPDIR: "/tmp", LANG: "C.UTF-8", ...given };
}
