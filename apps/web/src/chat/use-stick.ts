import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

/** How near to the end the reader counts as being there, in pixels. */
const near = 64;

interface Stick {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

/** Keeps the end in sight while it grows, but only as long as the reader is there. */
export function useStick(): Stick {
  const box = useRef<HTMLDivElement | null>(null);
  const content = useRef<HTMLDivElement | null>(null);
  const stuck = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = useCallback(() => {
    const node = box.current;
    if (node !== null) node.scrollTop = node.scrollHeight;
  }, []);
  useEffect(() => {
    const node = box.current;
    const grown = content.current;
    if (node === null || grown === null) return;
    const onScroll = (): void => {
      stuck.current = node.scrollHeight - node.scrollTop - node.clientHeight < near;
      setAtEnd(stuck.current);
    };
    const observer = new ResizeObserver(() => {
      if (stuck.current) toEnd();
    });
    observer.observe(grown);
    observer.observe(node);
    node.addEventListener("scroll", onScroll, { passive: true });
    toEnd();
    return () => {
      observer.disconnect();
      node.removeEventListener("scroll", onScroll);
    };
  }, [toEnd]);
  return { box, content, atEnd, toEnd };
}
