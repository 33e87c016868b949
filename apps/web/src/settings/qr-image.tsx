/** A QR code as a picture: an SVG inside of `img` can neither run code nor load anything. */
export function QrImage({ svg, label }: { readonly svg: string; readonly label: string }) {
  return (
    <img
      className="size-48 rounded-2 bg-[white] p-3"
      src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`}
      alt={label}
    />
  );
}
