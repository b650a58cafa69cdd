"""Roads as arrays, and the engines that find the fastest ways on them."""
