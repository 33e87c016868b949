/** One bar of a chart; `value` only decides its height, the words say the amount. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly words: string;
}

/** A small bar chart in plain SVG. Its label says in words what it shows. */
export function Bars({
  bars,
  label,
  top,
  part,
}: {
  readonly bars: readonly Bar[];
  readonly label: string;
  readonly top: string;
  readonly part?: "plain";
}) {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const step = 90 / Math.max(1, bars.length);
  const floor = 140;
  const every = Math.ceil(bars.length / 10);
  return (
    <svg className="chart" height={164} role="img" aria-label={label}>
      <line x1="8%" x2="100%" y1={20} y2={20} />
      <line x1="8%" x2="100%" y1={floor} y2={floor} />
      <text x="0" y={12}>
        {top}
      </text>
      <text x="0" y={floor + 4}>
        0
      </text>
      {bars.map(({ name, value, words }, index) => {
        const height = (value / most) * (floor - 20);
        const left = 9 + index * step;
        const shown = (bars.length - 1 - index) % every === 0;
        return (
          <g key={name}>
            <rect
              x={`${left}%`}
              width={`${step * 0.66}%`}
              y={floor - height}
              height={height}
              {...(part === undefined ? {} : { "data-part": part })}
            >
              <title>{`${name}: ${words}`}</title>
            </rect>
            {shown && (
              <text
                x={`${left + step * 0.33}%`}
                y={floor + 18}
                textAnchor="middle"
                {...(index === bars.length - 1 ? { "data-now": "" } : {})}
              >
                {name}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
