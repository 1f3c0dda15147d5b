// A figure in a page: a sentence until it is looked at, then the figure itself. What computes is loaded with the first one. Paper has the
// sentence where nothing is drawn yet.
import type { FigureName } from "@hooke/figures";
import { defineComponent, h, onBeforeUnmount, onMounted, type PropType, ref } from "vue";

export const LiveFigure = defineComponent({
  props: { name: { type: String as PropType<FigureName>, required: true } },
  setup({ name }, { slots }) {
    const place = ref<HTMLElement>();
    const running = ref(false);
    const drawn = ref(false);
    let remove: (() => void) | undefined;
    let left = false;
    const show = async (): Promise<void> => {
      // Pages are rendered to text without figures, and without what computes them.
      if (import.meta.env.SSR) return;
      const { mountFigure } = await import("@hooke/figures");
      if (left || !place.value) return;
      const figure = await mountFigure(name, place.value);
      if (left) figure.remove();
      else remove = () => figure.remove();
      running.value = true;
      const busy = new MutationObserver(([change]) => {
        if ((change!.target as Element).ariaBusy !== "false") return;
        drawn.value = true;
        busy.disconnect();
      });
      busy.observe(place.value, { attributeFilter: ["aria-busy"] });
    };
    onMounted(() => {
      const seen = new IntersectionObserver(
        (entries) => {
          if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
          seen.disconnect();
          void show();
        },
        { rootMargin: "200px" },
      );
      seen.observe(place.value!);
      onBeforeUnmount(() => {
        left = true;
        seen.disconnect();
        remove?.();
      });
    });
    return () =>
      h("div", { class: "live-figure" }, [
        drawn.value ? null : h("p", { class: running.value ? "instead running" : "instead" }, slots.default?.()),
        h("div", { ref: place }),
      ]);
  },
});
