// PhiDisplay
